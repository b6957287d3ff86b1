# Clocks are set: times of files in the future and the past change nothing of what a state says.
echo 'first' > app.log
touch -d '2040-01-01' app.log
alkfw --state=state -o text app.log
echo 'an ATTACK' >> app.log
touch -d '1970-01-02' app.log state
alkfw --state=state -o text app.log
echo 'last of the old' >> app.log
mv app.log app.log.1
echo 'ATTACK in the new' > app.log
touch -d '2040-01-01' app.log.1
touch -d '1970-01-02' app.log
alkfw --state=state -o text app.log
touch -d '1970-01-01' app.log app.log.1 state.lock
alkfw --state=state -o text app.log
