# What answers the ClientHello is not TLS: the reason is told in OpenSSL's words, which are not loaded until then.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit
client-hello
raw   * OK [CAPABILITY IMAP4rev1] ready\r\n
exit  2
out   IMAP CRITICAL - tls: tls_error: wrong version number *
