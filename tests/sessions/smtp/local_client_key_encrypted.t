# A key that wants a passphrase: nobody is there to type one.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --client-cert=@CERT@ --client-key=@LOCKEDKEY@
within 1
exit  3
out   SMTP UNKNOWN - local: *--client-key*
