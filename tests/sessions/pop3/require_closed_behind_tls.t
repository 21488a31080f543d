# The list behind TLS never came: what was missing from the one before it is not the matter.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass --require=SASL=PLAIN
S     +OK ready
C     CAPA
S     +OK
S     STLS
S     .
C     STLS
S     +OK go
tls
C     CAPA
close
exit  2
out   POP3 CRITICAL - capa_2: closed: *
