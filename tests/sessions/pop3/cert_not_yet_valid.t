# The same where TLS comes first.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -U probe --password-file=@DIR@/pass
tls   cert=not-yet
exit  2
out   POP3 CRITICAL - tls: cert_not_yet_valid: *
secret hunter2secret
