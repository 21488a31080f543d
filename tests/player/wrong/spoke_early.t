# says: the client spoke before it had an answer
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit
delay 300
S     220 mx.test
exit  2
