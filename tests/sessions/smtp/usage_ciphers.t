# Suites that OpenSSL does not know.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ciphers=NOSUCH
exit  3
out   SMTP UNKNOWN - *--ciphers*
