# -D asks about a certificate.
run   check_mail_pop3 -H localhost -D 30 --tls=none
exit  3
out   POP3 UNKNOWN - usage: *
