# A folder that is not there: OpenSSL would trust nobody, and not say so.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-path=/nonexistent
exit  3
out   SMTP UNKNOWN - local: *--ca-path*No such file*
