# LOGIN asks for the name, then for the password.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=LOGIN
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL LOGIN
S     .
C     AUTH LOGIN
S     + {base64 Username:}
C     {base64 probe}
S     + {base64 Password:}
C     {base64 hunter2secret}
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret hunter2secret
