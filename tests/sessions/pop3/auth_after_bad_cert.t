# A certificate that does not verify: no password follows.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -D 30 -U probe --password-file=@DIR@/pass
tls   cert=wrong-name
exit  2
out   POP3 CRITICAL - tls: cert_name: *
secret hunter2secret
