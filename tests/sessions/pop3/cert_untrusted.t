# The same where TLS comes first.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -U probe --password-file=@DIR@/pass
tls   cert=untrusted
exit  2
out   POP3 CRITICAL - tls: cert_untrusted: *
secret hunter2secret
