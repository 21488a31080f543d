# Ended may it be, unknown may it not be.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --ignore-certificate-expiration
tls   cert=untrusted-expired
exit  2
out   SMTP CRITICAL - tls: cert_untrusted: *
