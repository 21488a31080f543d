# -t with a state.
run   check_mail_imap -H localhost -p @PORT@ -t 1:warning
silent
within 1.2
exit  1
out   IMAP WARNING - banner: timeout: *
