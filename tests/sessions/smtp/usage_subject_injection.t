# A line end in the subject.
run   check_mail_smtp -H localhost -p @PORT@ --send --rcpt=a@mx.test --subject=x@CR@@LF@@CR@@LF@body
exit  3
out   SMTP UNKNOWN - *--subject*
