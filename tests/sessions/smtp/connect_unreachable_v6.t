# None in version 6 either.
namespace
run   check_mail_smtp -H 2001:db8::99 -p 25
exit  2
out   SMTP CRITICAL - connect: connect_unreachable: *
