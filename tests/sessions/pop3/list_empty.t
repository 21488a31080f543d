# An empty listing of an empty maildrop.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat --list --uidl -o json
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
C     STAT
S     +OK 0 0
C     LIST
S     +OK
S     .
C     UIDL
S     +OK
S     .
C     QUIT
S     +OK bye
exit  0
json  facts.messages=0
json  facts.size_bytes=0
json  facts.largest_bytes=0
secret hunter2secret
