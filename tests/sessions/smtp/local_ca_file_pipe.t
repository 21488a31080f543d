# A named pipe that nobody writes to: reading it would last for ever.
fifo  pipe
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@DIR@/pipe
within 1
exit  3
out   SMTP UNKNOWN - local: *--ca-file*regular file*
