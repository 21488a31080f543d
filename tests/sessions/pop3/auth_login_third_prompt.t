# LOGIN that asks and asks.
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
S     + {base64 Password:}
C+    *\r\n
S     -ERR cancelled
exit  2
out   POP3 CRITICAL - auth: protocol: *
secret hunter2secret
