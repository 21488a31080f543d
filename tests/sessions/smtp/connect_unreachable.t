# No way leads there.
namespace
run   check_mail_smtp -H 203.0.113.1 -p 25
exit  2
out   SMTP CRITICAL - connect: connect_unreachable: *
