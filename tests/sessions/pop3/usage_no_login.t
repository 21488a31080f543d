# A maildrop is somebody's.
run   check_mail_pop3 -H localhost --stat
exit  3
out   POP3 UNKNOWN - usage: *
out+  *--stat: nobody is logged in*
