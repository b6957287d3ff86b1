# defaults < user's file < $ALKFW_CONFIG < --config < ALKFW_* < options; never the current directory.
shows() {
    echo ATTACK | alkfw "$@" | cut -c 1-10
}
mkdir -p .config/alkfw "$HOME/.config/alkfw"
echo 'only: none' > alkfw.yaml
cp alkfw.yaml .config/alkfw/
shows
echo 'output: text' > "$HOME/.config/alkfw/alkfw.yaml"
shows
echo 'output: json' > environment.yaml
echo 'output: text' > option.yaml
export ALKFW_CONFIG=environment.yaml
shows
shows --config=option.yaml
shows --no-config
export ALKFW_OUTPUT=json
shows -c option.yaml
shows -c option.yaml -o text
