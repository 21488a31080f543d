# LIST adds up: how many, how much, the largest.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list -o json
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
C     LIST
S     +OK 2 messages
S     1 120
S     2 200
S     .
C     QUIT
S     +OK bye
exit  0
json  facts.messages=2
json  facts.size_bytes=320
json  facts.largest_bytes=200
json  values.largest_bytes=200
json  phases[*].name=list
secret hunter2secret
