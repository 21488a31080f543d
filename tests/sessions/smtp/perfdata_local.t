# A run that could not begin has the labels of one that did.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=/nonexistent
exit  3
out   SMTP UNKNOWN - local: *--password-file*| *time_connect=U*time_banner=U*time_auth=U*tcp_rtt=U*
