# Packets go there and none comes back.
blackhole 203.0.113.1
run   check_mail_smtp -H 203.0.113.1 -p 25 -t 1
within 1.2
exit  2
out   SMTP CRITICAL - connect: timeout: *
