# A phase of another protocol.
run   check_mail_imap -H localhost -p @PORT@ --until=ehlo
exit  3
out   IMAP UNKNOWN - **--until*
