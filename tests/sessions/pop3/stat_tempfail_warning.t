# A temporary refusal has the state that the user wants.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --tempfail=warning
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
S     -ERR [SYS/TEMP] no
exit  1
out   POP3 WARNING - stat: tempfail: "-ERR [SYS/TEMP] no"*
secret hunter2secret
