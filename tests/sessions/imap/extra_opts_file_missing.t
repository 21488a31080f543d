# The file of --extra-opts is not there, and -H stands behind it: an answer all the same.
run   check_mail_imap --extra-opts=a@/nonexistent -H localhost
exit  3
out   IMAP UNKNOWN - local: *
