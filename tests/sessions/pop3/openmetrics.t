# The text format.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o openmetrics
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
C     QUIT
S     +OK bye
exit  0
out+  probe_success*1*
out+  mailprobe_value{name="messages"} 2*
out+  *# EOF*
secret hunter2secret
