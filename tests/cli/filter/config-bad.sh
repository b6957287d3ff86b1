try() {
    cat > bad.yaml
    alkfw -c bad.yaml < /dev/null
    echo $?
}
printf 'output: json\n\ntreshold: 0.5\n' | try
echo 'threshold: 1.5' | try
echo 'threads: many' | try
echo 'signals: {a: b}' | try
echo 'model: [' | try
alkfw -c missing.yaml < /dev/null
echo $?
alkfw -c / < /dev/null
echo $?
ALKFW_THRESHOLD=2 alkfw < /dev/null
echo $?
