# A message is retrieved whole, and its size compared with what LIST says.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=2 -o json
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     LIST 2
S     +OK 2 26
C     RETR 2
S     +OK 26 octets
S     From: a@mx.test
S
S     hello
S     .
C     QUIT
S     +OK bye
exit  0
json  facts.message_size=26
json  values.message_size=26
json  phases[*].name=list
json  phases[*].name=retr
json  summary=message retrieved in *
secret hunter2secret
