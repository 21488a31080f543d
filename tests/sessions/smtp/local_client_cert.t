# A client certificate that is not there.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --client-cert=@DIR@/nosuch --client-key=@KEY@
exit  3
out   SMTP UNKNOWN - *--client-cert*
