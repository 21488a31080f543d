# An address of an interface that this machine has not.
run   check_mail_smtp -H fe80::1%nosuch
within 1
exit  3
out   SMTP UNKNOWN - usage: *fe80::1%nosuch*
