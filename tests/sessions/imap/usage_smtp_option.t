# An option of another check.
run   check_mail_imap -H localhost -p @PORT@ --rcpt=a@mx.test
exit  3
out   IMAP UNKNOWN - **--rcpt*
