# Implicit TLS on a port that speaks plaintext.
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit
raw   * OK ready\r\n
client-hello
close
exit  2
out   IMAP CRITICAL - tls: tls_error: *
