# Nobody to talk to.
run   check_mail_imap
exit  3
out   IMAP UNKNOWN - **
