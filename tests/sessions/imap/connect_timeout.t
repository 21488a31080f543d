# Packets go there and none comes back.
blackhole 203.0.113.1
run   check_mail_imap -H 203.0.113.1 -p 143 -t 1
within 1.2
exit  2
out   IMAP CRITICAL - connect: timeout: *
