# LIST adds up to something else than STAT.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat --list
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
S     +OK 2 320
C     LIST
S     +OK
S     1 120
S     2 201
S     .
exit  2
out   POP3 CRITICAL - list: protocol: *LIST adds up to 321 octets, there were 320*
secret hunter2secret
