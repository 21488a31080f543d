# A mailbox without a name.
run   check_mail_imap -H localhost -p @PORT@ --examine=''
exit  3
out   IMAP UNKNOWN - **--examine*
