# A port that is none.
run   check_mail_smtp -H localhost -p 70000
exit  3
out   SMTP UNKNOWN - *-p*
