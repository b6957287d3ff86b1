# No model: status 2, and no verdict that could be taken for a pass.
mkdir cache
echo text | ALKFW_MODEL='' HF_HUB_CACHE=$PWD/cache alkfw --offline
echo $?
echo text | alkfw --model=./nowhere --offline
echo $?
echo text | alkfw --codebook=./nowhere
echo $?
echo text | alkfw --precision=int8
echo $?
