# Too many connections, says Exim, and closes.
run   check_mail_smtp -H localhost -p @PORT@
S     421 mx.test: Too many concurrent SMTP connections; please try again later.
close
exit  2
out   SMTP CRITICAL - banner: tempfail: "421 mx.test: Too many concurrent SMTP connections; please try again later."*
