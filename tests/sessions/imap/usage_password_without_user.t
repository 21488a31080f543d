# A password and nobody it belongs to.
run   check_mail_imap -H localhost -p @PORT@ -P secretsecret
exit  3
out   IMAP UNKNOWN - **
