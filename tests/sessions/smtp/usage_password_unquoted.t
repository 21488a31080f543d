# A password of two words, without quotes: the second is one word too many, and a secret.
run   check_mail_smtp -P my geheim -U u -H x
exit  3
out   SMTP UNKNOWN - *usage*
not   *geheim*
