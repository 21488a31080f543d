# And in the sender.
run   check_mail_smtp -H localhost -p @PORT@ --from=a@CR@b
exit  3
out   SMTP UNKNOWN - *--from*
