# Before a word is said: we leave without one.
run   check_mail_smtp -H localhost -p @PORT@ --until=connect
skip  tls: the handshake would come after it
delay 150
S     220 mx.test
may   QUIT
exit  0
