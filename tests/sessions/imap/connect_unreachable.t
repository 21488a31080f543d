# No way leads there.
namespace
run   check_mail_imap -H 203.0.113.1 -p 143
exit  2
out   IMAP CRITICAL - connect: connect_unreachable: *
