# The file of --extra-opts is not there, and -H stands behind it: an answer all the same.
run   check_mail_pop3 --extra-opts=a@/nonexistent -H localhost
exit  3
out   POP3 UNKNOWN - local: *
