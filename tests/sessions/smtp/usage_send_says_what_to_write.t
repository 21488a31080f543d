# The sentence is for people: what to write stands in it as it is to be written.
skip  json: the sentence is the same
run   check_mail_smtp -H localhost --send
exit  3
out   SMTP UNKNOWN - usage: *--send*--rcpt=ADDR*
