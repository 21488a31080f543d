# A lowest version above the highest.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --tls-min=1.3 --tls-max=1.2
exit  3
out   SMTP UNKNOWN - *--tls-m*
