# A port of letters.
run   check_mail_smtp -H localhost -p smtp25
exit  3
out   SMTP UNKNOWN - *-p*
