# One that counts with it contradicts itself: nothing is deleted.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat --dele=1 --stat
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
C     DELE 1
S     +OK deleted
C     STAT
S     +OK 2 320
C     RSET
S     +OK
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - stat_2: protocol: *
secret hunter2secret
