"""The learning agent: retrains a policy line overnight, and promotes a challenger only when it
beats the champion out of sample.
"""
