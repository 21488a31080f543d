# All that count agree.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --stat --list --uidl
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
S     +OK 2 messages
S     1 120
S     2 200
S     .
C     UIDL
S     +OK
S     1 whqtswO00WBw418f9t5JxYwZ
S     2 QhdPYR:00WBw1Ph7x7
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
out+  *time_stat=0*time_list=0*time_uidl=0*messages=2 size_bytes=320B largest_bytes=200B*
secret hunter2secret
